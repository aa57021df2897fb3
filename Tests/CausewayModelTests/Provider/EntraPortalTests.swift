import CausewayModel
import Testing

@Suite("Pages of Microsoft's admin center")
struct EntraPortalTests {
    private static func portal(_ cloud: Cloud, tenant: String = "company.com") -> EntraPortal? {
        var settings = ProviderSettings(name: "Entra", clientID: "c", tenantID: tenant)
        settings.cloud = cloud
        return EntraPortal(of: settings)
    }

    @Test(
        "each of Microsoft's clouds has its own host",
        arguments: [
            (Cloud.global, "https://entra.microsoft.com/"), (.usGovernment, "https://entra.microsoft.us/"),
            (.usGovernmentDoD, "https://entra.microsoft.us/"), (.china, "https://entra.microsoftonline.cn/"),
        ]
    )
    func hosts(cloud: Cloud, host: String) throws {
        let portal = try #require(Self.portal(cloud))
        let pages = [
            portal.tenant, portal.page(of: EntraObjectID("1-2"), .user), portal.page(of: EntraObjectID("1-2"), .group),
            portal.credentials(of: "c"),
        ]
        for page in pages { #expect(page.hasPrefix("\(host)company.com/#view/")) }
        #expect(
            pages[1].hasSuffix("/userId/1-2") && pages[2].hasSuffix("/groupId/1-2") && pages[3].hasSuffix("/appId/c")
        )
        #expect(Set(pages).count == 4)
    }

    @Test("other endpoints have no admin center, and no value leads elsewhere")
    func others() throws {
        #expect(Self.portal(.custom) == nil)
        let portal = try #require(Self.portal(.global, tenant: "../@evil.example/?#"))
        let page = portal.page(of: EntraObjectID("x/../\"><script>"), .user)
        #expect(page.hasPrefix("https://entra.microsoft.com/..%2F%40evil.example%2F%3F%23/#view/"))
        #expect(page.hasSuffix("/userId/x%2F..%2F%22%3E%3Cscript%3E"))
    }
}
