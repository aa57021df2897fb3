import CausewayGraphTypes
import Foundation
import Testing

@Suite struct GraphTypesTests {
    @Test func `a user has its own properties and those it inherits`() throws {
        let properties = try GraphTypes.load().properties(of: "microsoft.graph.user")
        #expect(properties["displayName"]?.maxLength == 256)
        #expect(properties["displayName"]?.cannotBeCleared == true)
        #expect(properties["passwordProfile"]?.type == "microsoft.graph.passwordProfile")
        #expect(properties["identities"]?.isCollection == true)
        #expect(properties["id"]?.isReadOnly == true)
        #expect(properties["otherMails"]?.itemMaxLength == 250)
    }

    @Test func `the rules for groups name what a create needs`() throws {
        let rules = try GraphTypes.load().group
        #expect(rules.requiredOnCreate == ["displayName", "mailEnabled", "mailNickname", "securityEnabled"])
        #expect(rules.writeOnce == ["uniqueName"])
        #expect(rules.defaultProperties.count == 30)
    }

    @Test func `a missing file is an error that says what to do`() {
        let error = #expect(throws: GraphTypesError.self) {
            try GraphTypes.load(from: URL(filePath: "/nonexistent"))
        }
        #expect(error?.description.contains("install the program again") == true)
    }
}
