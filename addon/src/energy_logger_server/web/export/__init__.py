"""``/api/export``: whole sets of data as files of any length."""
