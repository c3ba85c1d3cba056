"""Work that nobody waits for at the door: many files or a long recording, handed in, asked after, fetched later."""
