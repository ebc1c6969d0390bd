"""The rules of a complaint's life: lifecycle, policies, deadlines, reminders, surveys. Values in, decisions out."""
