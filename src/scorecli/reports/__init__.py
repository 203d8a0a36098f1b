"""The only reads for display: plain SELECTs that return a Result."""
