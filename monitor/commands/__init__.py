"""What each command does: one small file per command, loaded when it is called."""
