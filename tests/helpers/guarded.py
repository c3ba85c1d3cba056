"""What opens a server with everything switched on that keeps people out."""

LOGIN = ("ann", "s3:cret")
TOKEN = {"Authorization": "Bearer t0ken"}
PER_MINUTE = 5
