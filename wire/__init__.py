"""What edge and hub say to each other: messages and topics, nothing else."""
