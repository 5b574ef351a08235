"""Pages: the way in, the sitting, one's own answers, and the admin's."""
