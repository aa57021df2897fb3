"""The requests of a full sync of authentik 2026.8, as they were observed: it lists the tenant, then writes each user, in pages of a
hundred, and then each group, followed by a POST for each of its members. Objects with a connection are PATCHed, the others POSTed.
Each page signs in and reads the organization; its two workers do one page each.

One thing is left out in its favor: an error ends a page there, and a member who is there already is such an error. Here the page goes on.

Arguments: the tenant's endpoints and the directory (a file), both in JSON, and the file with its connections.
"""

import asyncio
import json
import pathlib

from tenant import ODataError, account, connect, in_turn, is_there_already, new_account, reference, security_group, started

PAGE = 100
WORKERS = 2


async def discover(builder):
    page = await builder.get()
    while page and page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()


async def in_pages(objects, endpoints, write):
    async def page(some):
        graph, base = connect(endpoints)
        await graph.organization.get()
        for one in some:
            await write(graph, base, one)

    await in_turn((page(objects[start : start + PAGE]) for start in range(0, len(objects), PAGE)), WORKERS)


async def main():
    endpoints, directory, (path,) = started()
    connections = pathlib.Path(path)
    known = json.loads(connections.read_text()) if connections.exists() else {"users": {}, "groups": {}}

    async def write_user(graph, base, person):
        if key := known["users"].get(person["username"]):
            await graph.users.by_user_id(key).patch(account(person))
        else:
            made = await graph.users.post(new_account(person))
            known["users"][person["username"]] = made.id

    async def write_group(graph, base, entry):
        name, members = entry
        if key := known["groups"].get(name):
            await graph.groups.by_group_id(key).patch(security_group(name))
        else:
            key = known["groups"][name] = (await graph.groups.post(security_group(name))).id
        for member in members:
            try:
                await graph.groups.by_group_id(key).members.ref.post(reference(base, known["users"][member]))
            except ODataError as error:
                if not is_there_already(error):
                    raise

    graph, _ = connect(endpoints)
    await discover(graph.users)
    await discover(graph.groups)
    await in_pages(directory["people"], endpoints, write_user)
    await in_pages(list(directory["groups"].items()), endpoints, write_group)
    connections.write_text(json.dumps(known))


asyncio.run(main())
