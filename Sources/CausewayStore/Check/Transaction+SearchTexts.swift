import CausewayModel

/// A user with the text that searches read.
private struct SearchText {
    let user: Int64
    /// As it is; nil if there is none.
    let present: String?
    /// As it has to be.
    let right: String

    static let all = """
        SELECT u.id, u.username, u.name, u.email, s.text FROM users u LEFT JOIN user_search s ON s.user_id = u.id
        """
    /// Its arguments are the user before, and how many.
    static let page = "\(all) WHERE u.id > ? ORDER BY u.id LIMIT ?"

    /// No engine folds the case of all letters as the program does.
    init(_ row: SQLRow) throws {
        user = try row.integer("id")
        present = try row.text(orNil: "text")
        right = UserProfile.searchText(
            username: try row.text("username"),
            name: try row.text("name"),
            email: try row.text("email")
        )
    }

    /// Byte by byte: Swift takes different ways to write a letter as equal, and searches do not.
    var isRight: Bool { present.map { $0.utf8.elementsEqual(right.utf8) } ?? false }
}

extension Transaction {
    func searchTextFinding() throws -> DatabaseCheck.Finding {
        var (missing, wrong) = (0, 0)
        try connection.query(SearchText.all, []) { row in
            let text = try SearchText(row)
            if text.present == nil { missing += 1 } else if !text.isRight { wrong += 1 }
        }
        let bad = [
            missing > 0 ? "Users that no search finds: \(missing)." : nil,
            wrong > 0 ? "Users that searches find by other words than theirs: \(wrong)." : nil,
        ]
        .compactMap(\.self)
        return .init(
            subject: "search texts",
            isGood: bad.isEmpty,
            sentence: bad.isEmpty
                ? "The search finds every user."
                : "\(bad.joined(separator: " ")) Repair them with 'causeway database check --repair-search'."
        )
    }

    /// Writes missing and wrong texts of some users.
    ///
    /// - Returns: the last user that was looked at, nil if there was none, and how many were repaired.
    func repairSearchTexts(after last: Int64) throws -> (last: Int64?, repaired: Int) {
        let texts = try all(SearchText.page, .integer(last), .integer(1000), as: SearchText.init)
        let bad = texts.filter { !$0.isRight }
        for text in bad {
            try execute(
                """
                INSERT INTO user_search (user_id, text) VALUES (?, ?)
                ON CONFLICT (user_id) DO UPDATE SET text = excluded.text
                """,
                .integer(text.user),
                .text(text.right)
            )
        }
        return (texts.last?.user, bad.count)
    }
}
