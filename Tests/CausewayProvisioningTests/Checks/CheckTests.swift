import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging
import Testing

@testable import CausewayProvisioning

@Suite("Checking a provider")
struct CheckTests {
    private func missing(
        _ granted: Set<String>,
        gives properties: Set<String> = [],
        groups: Set<String>? = [],
        hasRoleAssignableGroups: Bool = false,
        _ change: (inout ProviderSettings) -> Void = { _ in }
    ) -> [String] {
        var settings = ProviderSettings(name: "p", clientID: "c", tenantID: "t")
        change(&settings)
        var given: [ObjectKind: Set<String>] = [.user: properties]
        given[.group] = groups
        let use = ProviderUse(
            settings: settings,
            properties: given,
            hasRoleAssignableGroups: hasRoleAssignableGroups
        )
        return PermissionNeed.needs(of: use).filter { !$0.isMet(by: granted) }.map(\.purpose)
    }

    @Test("the needed permissions follow from what the provider does")
    func needs() {
        let full: Set<String> = ["User.ReadWrite.All", "Group.ReadWrite.All"]
        #expect(missing(full) == [])
        #expect(missing(full, gives: ["identities"]) == ["change identities of users"])
        #expect(missing(full.union(["User.ManageIdentities.All"]), gives: ["identities"]) == [])
        #expect(missing(full, gives: ["employeeLeaveDateTime"]) == ["change employeeLeaveDateTime of users"])
        #expect(missing(full.union(["User-LifeCycleInfo.ReadWrite.All"]), gives: ["employeeLeaveDateTime"]) == [])
        #expect(missing(full, groups: ["isAssignableToRole"]) == ["create or change role-assignable groups"])
        #expect(missing(full, hasRoleAssignableGroups: true) == ["create or change role-assignable groups"])
        #expect(missing(["User.ReadWrite.All"], groups: nil) == [])
        #expect(
            missing(["User.ReadWrite.All"]) == [
                "read groups and their members", "create groups with members", "update groups",
                "add and remove members", "delete groups",
            ]
        )
        let least: Set<String> = [
            "User.Read.All", "User.Create", "User.ReadUpdate.All", "User.EnableDisableAccount.All",
        ]
        #expect(missing(least, groups: nil) == ["delete users", "restore users"])
        #expect(missing(least, groups: nil) { $0.userDeleteAction = .suspend } == [])
        #expect(
            missing(least.subtracting(["User.Read.All"]), groups: nil).contains("change accountEnabled of users")
        )
        #expect(
            missing(least, gives: ["mobilePhone"], groups: nil) { $0.userDeleteAction = .suspend } == [
                "change mobilePhone of users"
            ]
        )
        #expect(
            missing(least, gives: ["manager"], groups: nil) { $0.userDeleteAction = .suspend } == [
                "set the manager of users"
            ]
        )
        // Exchange holds it, and permissions on the directory do not cover it.
        let directory: Set<String> = ["Directory.ReadWrite.All", "User.ReadWrite.All"]
        #expect(
            missing(directory, groups: ["hideFromAddressLists"]) { $0.groupDeleteAction = .doNothing } == [
                "change hideFromAddressLists of groups"
            ]
        )
        #expect(missing([]).count == 12)
    }

    @Test("the properties that a mapping returns are found in its text; those that it only reads need no permission")
    func givenProperties() async throws {
        let expression = """
            # otherMails are left alone
            from msgraph.generated.models.user import User
            number = user.attributes.get("mobilePhone", "")
            result = {"display_name": user.name, **{"employeeLeaveDateTime": "2030-01-01T00:00:00Z"}}
            result["identities"] = []
            result.update(dict(manager="boss"))
            return result
            """
        try await EngineFixture.with(userMapping: expression) { fixture in
            let warnings = try await fixture.check().filter { $0.level == .warning }.map(\.message)
            #expect(warnings.contains { $0.contains("User-LifeCycleInfo.ReadWrite.All") }, "\(warnings)")
            #expect(!warnings.contains { $0.contains("User-Mail") || $0.contains("User-Phone") }, "\(warnings)")
        }
    }

    @Test("a check reports the tenant, the granted permissions and the missing ones")
    func findings() async throws {
        try await EngineFixture.with {
            $0.userDeleteAction = .suspend
        } _: { fixture in
            var findings = try await fixture.check()
            #expect(!findings.contains { $0.level != .ok }, "\(findings)")
            #expect(findings.contains { $0.subject == "tenant" && $0.message.contains("company.com") })
            let permissions: JSONValue = ["User.ReadWrite.All", "Organization.Read.All", "GroupMember.Read.All"]
            try await fixture.changeApplications { $0["permissions"] = permissions }
            findings = try await fixture.check()
            let warnings = findings.filter { $0.level == .warning }.map(\.message)
            #expect(warnings.count == 4, "\(warnings)")
            #expect(warnings.allSatisfy { $0.contains("Group.ReadWrite.All") })
            #expect(
                findings.contains {
                    $0.level == .ok && $0.message.contains("GroupMember.Read.All, Organization.Read.All")
                }
            )
        }
    }

    @Test("a further app registration is checked for the permissions to write")
    func furtherRegistrations() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addApplication(
                "99999999-0000-4000-8000-000000000001",
                secret: "second",
                ["User.ReadWrite.All"]
            )
            try await fixture.store.write { transaction in
                let provider = try #require(try transaction.provider(fixture.provider))
                let further = AppRegistrationCredential(
                    clientID: "99999999-0000-4000-8000-000000000001",
                    secret: Secret("second")
                )
                try transaction.saveFurtherRegistrations([further], of: provider)
                #expect(
                    try transaction.registrations(of: provider).map(\.secret.revealed) == [
                        "emulated-secret-value", "second",
                    ]
                )
                #expect(throws: ValidationError.self) {
                    try transaction.saveFurtherRegistrations([further, further], of: provider)
                }
            }
            let warnings = try await fixture.check().filter { $0.level == .warning }.map(\.message)
            #expect(warnings.contains { $0.contains("is not permitted to create groups") })
            #expect(!warnings.contains { $0.contains("is not permitted to read") })
        }
    }

    @Test("a check warns of a certificate that expires soon; a certificate signs in and syncs")
    func certificate() async throws {
        let certificate = try TestCertificate(notAfter: Date(timeIntervalSinceNow: 5 * 86_400))
        try await EngineFixture.with {
            $0.credentialKind = .certificate
        } _: { fixture in
            try await fixture.changeApplications { $0["certificates"] = [.string(certificate.certificatePEM)] }
            let pem = Secret(certificate.certificatePEM + "\n" + certificate.keyPEM)
            try await fixture.store.write { transaction in
                let provider = try #require(try transaction.provider(fixture.provider))
                try transaction.updateProvider(provider.id, to: provider.settings, clientSecret: pem)
            }
            let findings = try await fixture.check()
            #expect(findings.contains { $0.subject == "certificate" && $0.level == .warning })
            #expect(!findings.contains { $0.level == .error }, "\(findings)")
            try await fixture.addUser("ada")
            #expect(try await fixture.sync().count(.create) == 1)
        }
    }
}

extension EngineFixture {
    fileprivate func check() async throws -> [ProviderCheck.Finding] {
        guard let provider = try await store.read({ [provider] in try $0.provider(provider) }) else { return [] }
        let runtime = try ProvisioningRuntime.load(logger: Logger(label: "test"))
        return await ProviderCheck(store: store, runtime: runtime).findings(on: provider)
    }

    /// Changes the tenant's app registrations; earlier tokens are no longer valid.
    fileprivate func changeApplications(_ change: (inout [String: JSONValue]) -> Void) async throws {
        var application = try await firstApplication()
        change(&application)
        try await setApplications([.object(application)])
    }

    fileprivate func addApplication(_ clientID: String, secret: String, _ permissions: [String]) async throws {
        var further = try await firstApplication()
        further["client_id"] = .string(clientID)
        further["secrets"] = [["value": .string(secret)]]
        further["permissions"] = JSONValue(permissions)
        try await setApplications([.object(try await firstApplication()), .object(further)])
    }

    /// The control endpoint does not show secrets.
    private func firstApplication() async throws -> [String: JSONValue] {
        let settings = try await client.control("GET", "settings").body
        var application = settings["applications"]?.array?.first?.object ?? [:]
        application["secrets"] = [["value": "emulated-secret-value"]]
        return application
    }

    private func setApplications(_ applications: [JSONValue]) async throws {
        let answer = try await client.control("PATCH", "settings", ["applications": .array(applications)])
        #expect(answer.status == 200, "\(answer.body)")
    }
}
