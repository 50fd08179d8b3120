// The demonstration's host page: picks a sample customer and hands the widget what signs for that customer.
const chat = document.querySelector("saldo-chat");
const select = document.querySelector("#customer");
const picked = "saldo-demo customer";
const offered = fetch("demo/customers").then((reply) => (reply.ok ? reply.json() : []));
let ready;
const listed = new Promise((resolve) => { ready = resolve; });

const identityOf = async (customer) => {
  const headers = { "Content-Type": "application/json" };
  const reply = await fetch("demo/identity", { method: "POST", headers, body: JSON.stringify({ customer }) });
  return (await reply.json()).identity;
};

// Set before the widget's own script runs: so the widget never takes a signed-in customer for nobody.
const identity = async () => {
  await listed;
  return select.value ? identityOf(select.value) : null;
};
chat.identity = identity;

// The page comes with its words; they are fetched again only when the language is switched.
const speak = async (language) => {
  document.documentElement.lang = language;
  const words = await fetch(`words/${language}`).then((reply) => reply.json());
  for (const element of document.querySelectorAll("[data-says]")) element.textContent = words[element.dataset.says];
};

const customers = await offered;
for (const customer of customers) {
  const option = document.createElement("option");
  option.value = customer.id;
  option.textContent = `${customer.name} (${customer.id})`;
  option.lang = customer.language;
  select.append(option);
}
document.querySelector("#demo").hidden = customers.length === 0;
select.value = localStorage.getItem(picked) ?? "";
ready();
select.addEventListener("change", () => {
  localStorage.setItem(picked, select.value);
  chat.identity = identity;
});
chat.addEventListener("saldo:language", ({ detail }) => speak(detail.language));
