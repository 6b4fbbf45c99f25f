"""Travel times: streets by contraction hierarchies, public transport by range-RAPTOR. From the papers to the loops:

**Streets.** E. W. Dijkstra, "A Note on Two Problems in Connexion with Graphs", Numerische Mathematik 1, 1959: ``dijkstra._search``, on a
heap of four children a node. It stops at a limit (``dijkstra.nearby``), fills matrices where there is no hierarchy
(``dijkstra._matrix``), and tells the way (``dijkstra.shortest_path``, drawn by ``street_paths.find_path``). J. Dibbelt, B. Strasser, D.
Wagner, "Customizable Contraction Hierarchies", ACM Journal of Experimental Algorithmics 21, 2016, in RoutingKit: ``cch.build_topology``
is their first phase, which knows no times; ``cch.CchEngine`` their second (new times on an old hierarchy: another walking speed, traffic)
and their third, the queries. ``cch._join`` is our loop about them: a door lies on an edge, so each journey begins and ends at up to two
nodes. Which nodes: ``street_ends.leaving`` and ``street_ends.arriving``. ``streets.StreetRouter`` holds all that; forbidden turns are no
business of the search, as the graph has an edge for each turn that may be made (``geo/streets/turns.py``).

**Public transport.** D. Delling, T. Pajor, R. F. Werneck, "Round-Based Public Transit Routing", Transportation Science 49(3), 2015: the
rounds are the loop over ``ride`` in ``raptor.search``; in it the paper's first loop gathers the patterns of marked stops, the second
rides them, the third makes the changes. Their rRAPTOR, which keeps labels from one departure to the next earlier one, is the loop over
``d`` in ``raptor.window_chunk``; the percentile of a window is counted from its steps by ``raptor._ranked``. ``raptor.search_chunk``
searches for many at once; ``rides.turned`` turns time round. The paper's McRAPTOR, with what is walked as second criterion, is
``least_walking._search``. What lies about them: ``changes.changes_between`` (from ride to ride), ``doors.Doors`` (from street to stop),
``journey.find_journey`` (legs), ``profile.useful_departures``, and ``transit.TransitDay``, which is what the rest of the project asks.

Each loop has a slow, obvious judge in tests/access: networkx for streets, and a connection scan over the timetable's own rows.
"""
