"""Small tools without a domain: files, streams, JSON, signals, problems of configuration."""
