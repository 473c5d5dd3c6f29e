"""The page `sistem`: is the server well, what that means for patients, and the act that helps."""
