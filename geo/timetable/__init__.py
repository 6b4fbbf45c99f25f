"""When vehicles run: GTFS feeds become one frozen timetable, and GTFS ends here."""
