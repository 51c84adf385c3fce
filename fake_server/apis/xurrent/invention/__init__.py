"""The parts of invented records: public holidays, and the calendars of teams."""
