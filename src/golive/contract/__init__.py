"""What is promised, as data: the OpenAPI documents, schemas, error cases and requirements."""
