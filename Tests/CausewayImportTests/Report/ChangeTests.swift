import CausewayImport
import CausewayModel
import Testing

@Suite("What an import changes, and what columns may mean")
struct ChangeTests {
    @Test("each user that changes is listed with the fields, renamed users with the former name, unchanged users not")
    func changes() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users(
                "username,name,email,employee id,department\nada,Ada,ada@x.test,1,Maths\nbob,Bob,bob@x.test,2,Maths\ncy,Cy,cy@x.test,3,\n"
            )
            let report = try await fixture.preview(
                "username,name,email,employee id,department\nada.l,Ada,ada@x.test,1,Physics\nbob,Bob B,bob@x.test,2,Maths\n"
                    + "cy,Cy,cy@x.test,3,\ndora,Dora,dora@x.test,4,\n",
                key: .employeeID
            )
            let shown = report.changes.map {
                "\($0.line) \($0.change.rawValue) \($0.formerUsername ?? "-") \($0.username)"
            }
            #expect(shown == ["2 renamed ada ada.l", "3 updated - bob", "5 created - dora"])
            #expect(report.changes.map(\.fields) == [["attributes.department", "username"], ["name"], []])
            #expect(report.renamed == 1 && report.updated == 2 && report.created == 1 && report.unchanged == 1)
        }
    }

    @Test("only the first ten of each kind are kept, unless all are wanted")
    func many() async throws {
        try await ImportFixture.with { fixture in
            try await fixture.users("username,name\n" + (1...30).map { "old\($0),Old\n" }.joined())
            let text =
                "username,name\n" + (1...25).map { "new\($0),New\n" }.joined()
                + (1...30).map { "old\($0),Changed\n" }.joined()
            let first = try await fixture.preview(text)
            #expect(first.created == 25 && first.updated == 30)
            #expect(first.changes.count(where: { $0.change == .created }) == 10)
            #expect(first.changes.count(where: { $0.change == .updated }) == 10)
            #expect(first.changes.first?.username == "new1")
            let all = try await fixture.preview(text, listsChanges: true)
            #expect(all.changes.count == 55 && all.created == 25)
        }
    }

    @Test("a column with a chosen meaning is marked, the others are not")
    func chosen() async throws {
        try await ImportFixture.with { fixture in
            let report = try await fixture.preview("login,Team\nada,Maths\n", map: ["Team=attributes.department"])
            let columns = report.files.first?.columns ?? []
            #expect(columns.map(\.target) == ["username", "attributes.department"])
            #expect(columns.map(\.isChosen) == [false, true])
        }
    }

    @Test("every offered target is one that --map takes")
    func targets() {
        #expect(ColumnTarget.choices.count > 30 && ColumnTarget.choices.last == "ignore")
        #expect(Set(ColumnTarget.choices).isSuperset(of: ["username", "is_blocked", "attributes.employee_id"]))
        for choice in ColumnTarget.choices { #expect(ColumnTarget(choice)?.text == choice) }
        #expect(Set(ColumnTarget.choices).count == ColumnTarget.choices.count)
    }
}
