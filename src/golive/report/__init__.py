"""What a run says of itself: words for the terminal, the summary file, labels for Allure."""
