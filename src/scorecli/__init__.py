"""Score calls and read conversion reports from a phone system's call log, in the terminal."""
