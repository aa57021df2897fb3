import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: what survives a restart")
struct PersistenceTests {
    private static let sku = "6FD2C87F-b296-42f0-b197-1e91e994b900"

    @Test("settings, faults and secrets of applications stay as they were changed")
    func settings() async throws {
        try await TemporaryFolder.with { folder in
            try await TenantInProcess.with(folder: folder.path) { tenant in
                let application: JSONValue = [
                    "client_id": tenant.endpoints["client_id"] ?? .null, "secrets": [["value": "another"]],
                ]
                let changes: JSONValue = [
                    "replication_lag": 7, "delta_page_size": 11, "applications": [application],
                    "name": "Renamed", "group_licence_delay": 3.0,
                ]
                let changed = try await tenant.client.control("PATCH", "settings", changes)
                #expect(changed.status == 200)
                let rules: JSONValue = [["kind": "unavailable", "operation": "GET /groups"]]
                #expect(try await tenant.client.control("PUT", "faults", rules).status == 200)
            }
            try await TenantInProcess.with(folder: folder.path) { tenant in
                let settings = try await tenant.client.control("GET", "settings").body
                #expect(settings["replication_lag"]?["mean"] == 7.0)
                #expect(settings["delta_page_size"] == 11)
                #expect(settings["name"] == "Renamed")
                let client = try await TenantClient(tenant.endpoints, secret: "another")
                #expect(try await client.send("GET", "/users").status == 200)
                #expect(try await client.send("GET", "/groups").status == 503)
            }
        }
    }

    @Test("added tenants are there again, with their settings and objects")
    func addedTenants() async throws {
        let id = "22222222-2222-4333-8444-555555555555"
        try await TemporaryFolder.with { folder in
            try await TenantInProcess.with(folder: folder.path) { tenant in
                let other: JSONValue = ["id": .string(id), "domains": ["other.example"], "throttling": false]
                #expect(try await tenant.client.control("POST", "tenants", other).status == 201)
                let user = GraphTests.user("ada", ["userPrincipalName": "ada@other.example"])
                let seeded = try await tenant.client.control("POST", "tenants/\(id)/seed", ["users": [user]])
                #expect(seeded.status == 200)
            }
            try await TenantInProcess.with(folder: folder.path) { tenant in
                #expect(try await tenant.client.control("GET", "tenants/other.example/state").body["users"] == 1)
                let settings = try await tenant.client.control("GET", "tenants/\(id)/settings").body
                #expect(settings["throttling"] == false)
            }
        }
    }

    @Test("the clock continues where it was, running or frozen, and delta reports what it dated ahead")
    func clock() async throws {
        try await TemporaryFolder.with { folder in
            let link = try await TenantInProcess.with(folder: folder.path) { tenant in
                let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
                _ = try await tenant.client.control("POST", "clock", ["advance_seconds": 86_400])
                _ = try await TenantClient(tenant.endpoints).make("/users", GraphTests.user("later"))
                return link
            }
            let frozen = try await TenantInProcess.with(folder: folder.path) { tenant in
                let now = try #require(try await tenant.client.control("GET", "clock").body["now"]?.string)
                #expect(try Date(now, strategy: .iso8601) > Date(timeIntervalSinceNow: 80_000))
                let changes = try await DeltaEndpointTests.round(tenant.client, link).values
                #expect(changes.first?["displayName"] == "Person later")
                let stopped: JSONValue = ["now": "2030-01-01T00:00:00Z", "frozen": true]
                return try await tenant.client.control("POST", "clock", stopped).body
            }
            try await TenantInProcess.with(folder: folder.path) { tenant in
                let clock = try await tenant.client.control("GET", "clock")
                #expect(clock.body == frozen)
            }
        }
    }

    @Test("with a set start time two runs have the same times and ids")
    func startingClock() async throws {
        var site = EmulatorSettings()
        site.clock.now = "2030-05-06T07:08:09Z"
        site.clock.isFrozen = true
        let chosen = site
        let dates = try await [1, 2].asyncMap { _ in
            try await TenantInProcess.with(site: chosen) { tenant in
                let id = try await tenant.client.make("/users", GraphTests.user("ada"))
                return try await tenant.client.send("GET", "/users/\(id)?$select=id,createdDateTime").body
            }
        }
        #expect(dates[0]["createdDateTime"] == "2030-05-06T07:08:09Z")
        #expect(dates[0]["id"] == dates[1]["id"])
    }

    @Test("group licenses reach the members after a restart, and those who leave the group lose them")
    func licenses() async throws {
        try await TemporaryFolder.with { folder in
            let change: @Sendable (inout TenantSettings) -> Void = {
                var subscription = Subscription()
                subscription.skuID = Self.sku
                $0.subscriptions = [subscription]
                $0.groupLicenseDelay = 60
            }
            let add: JSONValue = [
                "addLicenses": [["skuId": .string(Self.sku), "disabledPlans": []]], "removeLicenses": [],
            ]
            let ids = try await TenantInProcess.with(folder: folder.path, change) { tenant in
                var ids: [String] = []
                for name in ["one", "two"] { ids.append(try await tenant.client.make("/users", GraphTests.user(name))) }
                let members: [String: JSONValue] = ["members@odata.bind": MemberTests.links(ids)]
                ids.append(try await tenant.client.make("/groups", GraphTests.group("G", members)))
                #expect(try await tenant.client.send("POST", "/groups/\(ids[2])/assignLicense", add).status == 202)
                return ids
            }
            let used: @Sendable (TenantInProcess) async throws -> Int64? = { tenant in
                tenant.clock.advance(by: 61)
                let skus = try await tenant.client.send("GET", "/subscribedSkus").body["value"]?.array
                return skus?.first?["consumedUnits"]?.integer
            }
            try await TenantInProcess.with(folder: folder.path, change) { tenant in
                let count = try await used(tenant)
                #expect(count == 2)
                let path = "/groups/\(ids[2])/members/\(ids[0])/$ref"
                #expect(try await tenant.client.send("DELETE", path).status == 204)
            }
            try await TenantInProcess.with(folder: folder.path, change) { tenant in
                let count = try await used(tenant)
                #expect(count == 1)
                _ = try await tenant.client.send("DELETE", "/groups/\(ids[2])")
                let rest = try await used(tenant)
                #expect(rest == 0)
            }
        }
    }

    @Test("lags, seeded objects and controls are kept, and delta stays reset")
    func controls() async throws {
        try await TemporaryFolder.with { folder in
            let (id, link) = try await TenantInProcess.with(folder: folder.path) { tenant in
                let made = try await tenant.client.control("POST", "seed", ["users": [GraphTests.user("ada")]])
                let id = made.body["ids"]?.array?.first?.string ?? ""
                let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
                _ = try await tenant.client.control("POST", "reset-delta")
                let synced: JSONValue = ["id": .string(id), "onPremisesSyncEnabled": true]
                #expect(try await tenant.client.control("POST", "properties", synced).status == 204)
                return (id, link)
            }
            try await TenantInProcess.with(folder: folder.path) {
                $0.replicationLag = .fixed(60)
            } _: { tenant in
                let user = try await tenant.client.send("GET", "/users/\(id)?$select=onPremisesSyncEnabled")
                #expect(user.body["onPremisesSyncEnabled"] == true)
                let reset = try await tenant.client.send("GET", link)
                #expect(reset.status == 410 && reset.headers["location"] != nil)
                let fresh = try await tenant.client.make("/users", GraphTests.user("fresh"))
                #expect(try await tenant.client.send("GET", "/users/\(fresh)").status == 404)
            }
        }
    }

    @Test("tenants with the same seed give out different ids, and the longest matching domain selects the tenant")
    func severalTenants() async throws {
        try await TenantInProcess.with { tenant in
            let id = "22222222-2222-4333-8444-555555555555"
            let other: JSONValue = [
                "id": .string(id), "domains": ["sub.company.com"], "initial_domain": "other.onmicrosoft.com",
            ]
            #expect(try await tenant.client.control("POST", "tenants", other).status == 201)
            let user = GraphTests.user("ada", ["userPrincipalName": "ada@sub.company.com"])
            let paths = ["tenants/company.com/seed", "tenants/sub.company.com/seed"]
            let ids = try await paths.asyncMap { path in
                try await tenant.client.control("POST", path, ["users": [user]]).body["ids"]?.array?.first?.string
            }
            #expect(ids[0] != nil && ids[1] != nil && ids[0] != ids[1])
            #expect(try await tenant.client.control("GET", "tenants/\(id)/state").body["users"] == 1)
            let endpoints = (tenant.endpoints.object ?? [:]).merging(["tenant_id": "sub.company.com"]) { $1 }
            let client = try await TenantClient(.object(endpoints))
            let organization = try await client.send("GET", "/organization")
            #expect(organization.body["value"]?.array?.first?["id"]?.string == id)
        }
    }
}
