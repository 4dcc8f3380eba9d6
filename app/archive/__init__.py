"""The effect of a revision, its sealed dossier, the anchors of the log, export."""
