"""What `complaintbot bench` runs."""
