"""What is kept between requests: the index of awards and its progress, and feeds."""
