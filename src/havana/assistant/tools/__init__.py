"""What a model may call: Havana's own tools, a site's over HTTP and MCP, and who allows and makes those calls."""
