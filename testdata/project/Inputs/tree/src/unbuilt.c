int unbuilt(void) { return 0; }
