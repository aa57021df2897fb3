import CausewayJSON
import CausewayModel
import CausewayStore
import Testing

@testable import CausewayProvisioning

@Suite("A plan as CSV")
struct PlanExportTests {
    private static func action(
        _ verb: ActionVerb = .update,
        name: String = "ada",
        detail: String = "",
        changes: [AttributeChange] = [],
        members: [MemberReference] = []
    ) -> StoredAction {
        let action = Action(
            sequence: 7,
            phase: .users,
            verb: verb,
            kind: .user,
            object: ObjectReference(UserID(1)),
            name: name,
            reason: .attributesDiffer,
            detail: detail,
            changes: changes,
            members: members
        )
        return StoredAction(action: action, outcome: Outcome(.planned))
    }

    /// What comes before the attribute.
    private static func start(_ verb: String, _ name: String, dangerous: Bool = false) -> String {
        "7,\(verb),user,\(name),1,,attributes_differ,,\(dangerous),planned,,,,"
    }

    @Test("each attribute is a line; texts are written as they are, other values as JSON")
    func changes() {
        let changes = [
            AttributeChange(attribute: "city", old: "Oslo", new: .null),
            AttributeChange(attribute: "otherMails", old: nil, new: ["a@x.test", "b@x.test"]),
        ]
        #expect(
            PlanCSV.lines(for: Self.action(changes: changes))
                == "\(Self.start("update", "ada"))city,Oslo,\r\n"
                + "\(Self.start("update", "ada"))otherMails,,\"[\"\"a@x.test\"\",\"\"b@x.test\"\"]\"\r\n"
        )
    }

    @Test("members are one line, as new or old values; an action with neither attributes nor members is one line")
    func members() {
        let members: [MemberReference] = [.local(ObjectReference(UserID(8))), .remote(EntraObjectID("e"))]
        #expect(
            PlanCSV.lines(for: Self.action(.addMembers, members: members))
                == "\(Self.start("add_members", "ada"))members,,\"user 8; entra e\"\r\n"
        )
        #expect(
            PlanCSV.lines(for: Self.action(.removeMember, members: [members[1]]))
                == "\(Self.start("remove_member", "ada", dangerous: true))members,entra e,\r\n"
        )
        #expect(PlanCSV.lines(for: Self.action(.link)) == "\(Self.start("link", "ada")),,\r\n")
    }

    @Test(
        "no field is read as a formula, and separators are within quotes",
        arguments: [
            ("=1+1", "'=1+1"), ("+47", "'+47"), ("-5", "'-5"), ("@x", "'@x"), (" =1", "' =1"), ("\tx", "\"'\tx\""),
            ("\r\n=1", "\"'\r\n=1\""), ("＝1", "'＝1"), ("=\u{301}1", "'=\u{301}1"), ("a=b", "a=b"),
            ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a\nb", "\"a\nb\""),
            ("a;=1", "\"a;=1\""), ("a|=1", "\"a|=1\""), ("a\t=1", "\"a\t=1\""),
        ]
    )
    func fields(_ name: String, _ field: String) {
        #expect(PlanCSV.lines(for: Self.action(name: name)) == "\(Self.start("update", field)),,\r\n")
    }
}
