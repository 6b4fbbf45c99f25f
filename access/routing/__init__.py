"""Travel times: streets by contraction hierarchies, public transport by range-RAPTOR."""
