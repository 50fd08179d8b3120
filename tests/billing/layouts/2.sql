CREATE TABLE billing_layout (
  version INTEGER NOT NULL,
  PRIMARY KEY (version)
);
CREATE TABLE billing_migration (
  version_num VARCHAR(32) NOT NULL,
  PRIMARY KEY (version_num)
);
CREATE TABLE customers (
  id VARCHAR NOT NULL,
  name TEXT NOT NULL,
  country VARCHAR(2) NOT NULL,
  language VARCHAR(2) NOT NULL,
  business_id VARCHAR NOT NULL,
  PRIMARY KEY (id)
);
CREATE TABLE contacts (
  customer VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  email VARCHAR NOT NULL,
  PRIMARY KEY (customer, position),
  FOREIGN KEY(customer) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE INDEX ix_contacts_email ON contacts (email);
CREATE TABLE subscriptions (
  id VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  customer VARCHAR NOT NULL,
  package TEXT NOT NULL,
  months INTEGER NOT NULL,
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  cancelled_on DATE,
  next_package TEXT,
  PRIMARY KEY (id),
  FOREIGN KEY(customer) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE INDEX ix_subscriptions_customer ON subscriptions (customer);
CREATE TABLE users (
  customer VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  PRIMARY KEY (customer, position),
  FOREIGN KEY(customer) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE TABLE invoices (
  number VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  subscription VARCHAR NOT NULL,
  issued_on DATE NOT NULL,
  due_date DATE NOT NULL,
  total_cents BIGINT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  PRIMARY KEY (number),
  FOREIGN KEY(subscription) REFERENCES subscriptions (id) ON DELETE CASCADE
);
CREATE INDEX ix_invoices_subscription ON invoices (subscription);
CREATE TABLE licence_changes (
  subscription VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  ordered_on DATE NOT NULL,
  effective_on DATE NOT NULL,
  licences INTEGER NOT NULL,
  PRIMARY KEY (subscription, position),
  FOREIGN KEY(subscription) REFERENCES subscriptions (id) ON DELETE CASCADE
);
CREATE TABLE collections (
  invoice VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  transferred_on DATE NOT NULL,
  PRIMARY KEY (invoice, position),
  FOREIGN KEY(invoice) REFERENCES invoices (number) ON DELETE CASCADE
);
CREATE TABLE invoice_lines (
  invoice VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  licences INTEGER NOT NULL,
  months BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price_cents BIGINT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  PRIMARY KEY (invoice, position),
  UNIQUE (invoice, number),
  FOREIGN KEY(invoice) REFERENCES invoices (number) ON DELETE CASCADE
);
CREATE TABLE payments (
  id VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  invoice VARCHAR NOT NULL,
  paid_on DATE NOT NULL,
  amount_cents BIGINT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(invoice) REFERENCES invoices (number) ON DELETE CASCADE
);
CREATE INDEX ix_payments_invoice ON payments (invoice);
CREATE TABLE refunds (
  invoice VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  paid_on DATE NOT NULL,
  amount_cents BIGINT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  PRIMARY KEY (invoice, position),
  FOREIGN KEY(invoice) REFERENCES invoices (number) ON DELETE CASCADE
);
CREATE TABLE reminders (
  invoice VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  sent_on DATE NOT NULL,
  PRIMARY KEY (invoice, position),
  FOREIGN KEY(invoice) REFERENCES invoices (number) ON DELETE CASCADE
);
INSERT INTO billing_layout (version) VALUES (2);
INSERT INTO billing_migration (version_num) VALUES ('0002');
