"""What a complaint is made of, by what belongs together; `complaints/complaint.py` puts it together."""
