"""What answers say of each set of data: columns, fields, shapes."""
