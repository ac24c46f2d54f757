"""What plays, and how: wishes, the thread that fulfils them, pictures made ready. No Qt."""
