"""Tags of the register's templates; see `register_ui`."""
