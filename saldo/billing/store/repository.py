"""Reads and writes accounts: a few named look-ups, each indexed and on one unchanging view of the data."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from saldo.billing.model import Account, Customer
from saldo.billing.store.database import transaction
from saldo.billing.store.imports import read_imports
from saldo.billing.store.rows import LISTS, account_of, customer_of, lines_query, list_query, read_columns, rows_of
from saldo.billing.store.tables import contacts, customers
from saldo.errors import SaldoError, UnknownCustomer

QUERIES = {name: list_query(name) for name in LISTS}
LINES = lines_query()
CUSTOMER = read_columns(Customer, customers)
ONE_CUSTOMER = select(*CUSTOMER).where(customers.c.id == bindparam("wanted"))
ALL_CUSTOMERS = select(*CUSTOMER).order_by(customers.c.id)
BY_CONTACT = select(contacts.c.customer).where(contacts.c.email == bindparam("email")).distinct()
NAME_OF_CONTACT = select(contacts.c.name).where(
    contacts.c.customer == bindparam("wanted"), contacts.c.email == bindparam("email")
)
FORGET = delete(customers).where(customers.c.id == bindparam("wanted"))


class Repository:
    """The accounts in a billing database. Every method raises DatabaseUnusable if the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def account(self, customer: str) -> Account:
        """Everything of one customer, in a fixed number of queries. UnknownCustomer if there is none."""
        wanted = {"wanted": customer}
        with transaction(self._engine) as connection:
            who = _customer(connection, customer)
            lines = connection.execute(LINES, wanted).all()
            rows = {name: connection.execute(query, wanted).all() for name, query in QUERIES.items()}
            imports = read_imports(connection, customer)
        return account_of(who, rows, lines, imports)

    def customer(self, customer: str) -> Customer:
        """Who the customer is. UnknownCustomer if there is none."""
        with transaction(self._engine) as connection:
            return _customer(connection, customer)

    def customers(self) -> list[Customer]:
        """All customers, by id."""
        with transaction(self._engine) as connection:
            return [customer_of(row) for row in connection.execute(ALL_CUSTOMERS)]

    def customers_of_contact(self, email: str) -> list[str]:
        """The ids of the customers that have this address among their contacts, whatever its case."""
        with transaction(self._engine) as connection:
            found = connection.execute(BY_CONTACT, {"email": email.strip().lower()}).scalars()
            return sorted(found)

    def name_of_contact(self, customer: str, email: str) -> str | None:
        """The name under which the customer's records have this address, whatever its case."""
        wanted = {"wanted": customer, "email": email.strip().lower()}
        with transaction(self._engine) as connection:
            name: str | None = connection.execute(NAME_OF_CONTACT, wanted).scalars().first()
            return name

    def is_empty(self) -> bool:
        with transaction(self._engine) as connection:
            return connection.execute(select(customers.c.id).limit(1)).first() is None

    def add(self, accounts: Iterable[Account]) -> None:
        """Writes all or none. A customer that is there already is replaced: an import is the newer truth.

        SaldoError if an id in them belongs to another customer or comes twice.
        """
        accounts = list(accounts)
        try:
            with transaction(self._engine) as connection:
                _forget(connection, [account.customer.id for account in accounts])
                for table, rows in rows_of(accounts):
                    connection.execute(insert(table), rows)
        except IntegrityError as error:
            raise SaldoError(
                "Nothing was written: an id of a customer, subscription, invoice or payment comes twice, "
                "or belongs to another customer already."
            ) from error

    def remove(self, customer: str) -> None:
        """Forgets everything of one customer. UnknownCustomer if there is none."""
        with transaction(self._engine) as connection:
            _customer(connection, customer)
            _forget(connection, [customer])


def _customer(connection: Connection, customer: str) -> Customer:
    if not customer.isprintable():  # nor could every database be asked for it
        raise UnknownCustomer(customer)
    row = connection.execute(ONE_CUSTOMER, {"wanted": customer}).first()
    if row is None:
        raise UnknownCustomer(customer)
    return customer_of(row)


def _forget(connection: Connection, ids: list[str]) -> None:
    """Deletes customers; the database deletes with them whatever belongs to them."""
    if ids:
        connection.execute(FORGET, [{"wanted": one} for one in ids])
