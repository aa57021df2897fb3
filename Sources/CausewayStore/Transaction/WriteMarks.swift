/// What a transaction has written, as far as its end depends on that.
final class WriteMarks {
    var hasJournal = false
    /// Whether links were added, moved or deleted.
    var hasLinks = false
}
