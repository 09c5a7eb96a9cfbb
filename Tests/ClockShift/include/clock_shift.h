// A library that is loaded before others; nothing of it is called by name.
