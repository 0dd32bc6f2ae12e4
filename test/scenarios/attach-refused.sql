ATTACH '/tmp/x.db';
