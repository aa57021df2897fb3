"""A script that brings a directory into a tenant, as an administrator writes one with Microsoft's SDK: it looks up what is there by name,
creates or updates each user and each group, and adds each member.

Arguments: the tenant's endpoints and the directory (a file), both in JSON, and how many requests are in flight at once.
"""

import asyncio

from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration

from tenant import ODataError, account, connect, in_turn, is_there_already, new_account, reference, security_group, started


async def pages(builder, select):
    """Everything of a collection."""
    parameters = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(select=select, top=999)
    found, page = [], await builder.get(request_configuration=RequestConfiguration(query_parameters=parameters))
    while page:
        found += page.value
        page = await builder.with_url(page.odata_next_link).get() if page.odata_next_link else None
    return found


async def main():
    endpoints, directory, (width,) = started()
    graph, base = connect(endpoints)
    users = {user.user_principal_name: user.id for user in await pages(graph.users, ["id", "userPrincipalName"])}
    groups = {group.display_name: group.id for group in await pages(graph.groups, ["id", "displayName"])}

    async def bring_user(person):
        if key := users.get(person["email"]):
            await graph.users.by_user_id(key).patch(account(person))
        else:
            made = await graph.users.post(new_account(person))
            users[person["email"]] = made.id

    async def bring_group(name):
        if key := groups.get(name):
            await graph.groups.by_group_id(key).patch(security_group(name))
        else:
            groups[name] = (await graph.groups.post(security_group(name))).id

    async def bring_member(name, email):
        try:
            await graph.groups.by_group_id(groups[name]).members.ref.post(reference(base, users[email]))
        except ODataError as error:
            if not is_there_already(error):
                raise

    emails = {person["username"]: person["email"] for person in directory["people"]}
    await in_turn(map(bring_user, directory["people"]), int(width))
    await in_turn(map(bring_group, directory["groups"]), int(width))
    members = [bring_member(name, emails[one]) for name, members in directory["groups"].items() for one in members]
    await in_turn(members, int(width))


asyncio.run(main())
