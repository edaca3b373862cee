"""What readers are told, in their language: words and facts for pages and mails alike."""
