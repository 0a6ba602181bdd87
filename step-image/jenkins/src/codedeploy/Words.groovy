package codedeploy

import com.cloudbees.groovy.cps.NonCPS

/** Shell quoting, suggestions, and serializable values. */
class Words implements Serializable {
    private static final long serialVersionUID = 1L

    /** Quotes any text as one shell word. Within single quotes, only a single quote is special. */
    @NonCPS
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'"
    }

    /** A serializable copy. The maps and lists of JsonSlurper are not serializable. */
    @NonCPS
    static Object plain(Object value) {
        if (value instanceof Map) {
            Map copy = new LinkedHashMap()
            value.each { copy.put(it.key, plain(it.value)) }
            return copy
        } else if (value instanceof List) {
            List copy = new ArrayList()
            value.each { copy.add(plain(it)) }
            return copy
        }
        return value
    }

    /** The known word that is nearest to a mistyped one, or null. */
    @NonCPS
    static String nearest(String word, List known) {
        int least = Math.min(3, word.length().intdiv(3) + 1) + 1
        String found = null
        for (String candidate : known) {
            int distance = edits(word.toLowerCase(), candidate)
            if (distance < least) {
                least = distance
                found = candidate
            }
        }
        return found
    }

    /** The Levenshtein distance. */
    @NonCPS
    private static int edits(String from, String to) {
        List last = (0..to.length()).collect { it }
        for (int row = 1; row <= from.length(); row++) {
            List current = [row]
            for (int column = 1; column <= to.length(); column++) {
                int changed = last[column - 1] + (from[row - 1] == to[column - 1] ? 0 : 1)
                current << [changed, last[column] + 1, current[column - 1] + 1].min()
            }
            last = current
        }
        return last.last()
    }
}
