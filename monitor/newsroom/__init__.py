"""A small local press room that serves pages as the four sites would; demo and tests share it."""
