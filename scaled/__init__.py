"""The whole gallery on one machine as a museum would deploy it: `make scaled`.

PostgreSQL, Redis, a store for works, two gunicorn processes for pages, uvicorn for sockets, two
workers that paint, and nginx as the one origin in front; supervisor restarts what dies.
docs/deployment.md says what differs where it is meant to last.
"""
