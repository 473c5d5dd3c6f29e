"""Moving a whole house from one kind of database to the other, checked row by row."""
