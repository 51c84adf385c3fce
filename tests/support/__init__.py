"""What tests of several folders share: clients, servers, commands, pages."""
