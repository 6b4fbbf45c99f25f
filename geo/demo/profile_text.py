"""The area profile of Cantre'r Gwaelod, as the TOML file that the loaders read."""

from __future__ import annotations

from geo.demo.lines import SERVICE_DATE

_HEAD = '''# Cantre'r Gwaelod: a demonstration area. Everything in it is invented; "python -m geo demo" writes all of its files.
area_id = "cantrer-gwaelod"
name_en = "Cantre'r Gwaelod"
name_cy = "Cantre'r Gwaelod"
is_fictional = true
note_en = """
Cantre'r Gwaelod is the legendary land under Cardigan Bay, lost when Seithenyn left the sluice open. Everything shown of it is \\
invented: its people, streets, timetables, practices and activities. No figure here describes a real place."""
note_cy = """
Cantre'r Gwaelod yw'r wlad chwedlonol o dan Fae Ceredigion, a gollwyd pan adawodd Seithenyn y llifddorau ar agor. Mae popeth a welir \\
yma wedi'i ddychmygu: y bobl, y strydoedd, yr amserlenni, y practisiau a'r gweithgareddau. Nid oes un ffigur yma'n disgrifio lle go iawn."""
'''
_SOURCE = """licence = "CC0-1.0"
attribution = "Cyrraedd demonstration area (fictional)"
attribution_cy = "Ardal arddangos Cyrraedd (ddychmygol)"
vintage = "{vintage}"
"""
_TABLES: tuple[tuple[str, str, str, str], ...] = (  # heading, extra lines before the path, file, vintage
    ("zones.geometry", "", "boundaries/cantrer-gwaelod/zones.gpkg", "2026"),
    ("zones.figures", "", "boundaries/cantrer-gwaelod/figures.csv", "2026"),
    ("origins", "", "boundaries/cantrer-gwaelod/origins.csv", "2026"),
    ("footprints.cluster.file", "", "boundaries/cantrer-gwaelod/clusters.csv", "2026"),
    ("footprints.pan_cluster.file", "", "boundaries/cantrer-gwaelod/pan_clusters.csv", "2026"),
    ("practices", "", "boundaries/cantrer-gwaelod/practices.csv", "2026"),
    ("posts", "", "services/cantrer-gwaelod/posts.csv", "September 2026"),
    ("activities.venues", "", "services/cantrer-gwaelod/venues.csv", "September 2026"),
    ("activities.activities", "", "services/cantrer-gwaelod/activities.csv", "September 2026"),
    ("activities.sessions", "", "services/cantrer-gwaelod/sessions.csv", "September 2026"),
    ("demand_responsive", "", "services/cantrer-gwaelod/demand_responsive.geojson", "2026"),
    ("streets", "", "streets/cantrer-gwaelod.osm.pbf", "1 August 2026"),
)
_LEVELS = ("la", "hb", "rpb")


def profile_toml(rank_total: int) -> str:
    """Return the profile; ``rank_total`` is the number of zones."""
    parts = [_HEAD + f"service_date = {SERVICE_DATE.isoformat()}\n"]
    parts.append(f"[zones]\nrank_total = {rank_total}\n")
    for heading, extra, path, vintage in _TABLES:
        if heading.startswith("footprints."):
            parts.append(f'[{heading.removesuffix(".file")}]\nhow = "zone_list"\n')
        parts.append(f'[{heading}]\n{extra}path = "../{path}"\n' + _SOURCE.format(vintage=vintage))
        if heading == "footprints.pan_cluster.file":
            parts += [
                f'[footprints.{level}]\nhow = "zone_columns"\nid = "{level}_code"\n'
                f'name_en = "{level}_name_en"\nname_cy = "{level}_name_cy"\n'
                for level in _LEVELS
            ]
    for prefix in ("bus", "rail"):
        path = f'prefix = "{prefix}"\npath = "../timetables/cantrer-gwaelod/{prefix}.zip"\n'
        parts.append("[[timetable.feeds]]\n" + path + _SOURCE.format(vintage="24 August 2026 to 24 January 2027"))
    return "\n".join(parts)
