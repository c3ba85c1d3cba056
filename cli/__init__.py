"""The command line: the studio's tasks on files, with models of its own or those of a running server."""
