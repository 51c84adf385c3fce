"""What invented records are made of: public holidays, and the calendars of teams."""
