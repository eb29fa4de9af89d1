"""The walk over every URL: what there is (`world`), who may see what (`table`), the visits (`walk`)."""
