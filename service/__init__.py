"""Being a server: health, and the process around the page. Never imports the page."""
