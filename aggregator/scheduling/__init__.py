"""When things run: APScheduler ticks, the database says what is due."""
