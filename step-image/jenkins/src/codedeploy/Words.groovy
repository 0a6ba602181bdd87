package codedeploy

import com.cloudbees.groovy.cps.NonCPS

/** Words for the shell and for people, and values that can be saved with a build. */
class Words implements Serializable {
    private static final long serialVersionUID = 1L

    /** One word for the shell, whatever is in it: between single quotes only a single quote itself ends the word. */
    @NonCPS
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'"
    }

    /** A copy that can be saved with a build, which the maps and lists of JsonSlurper cannot. */
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

    /** The known word that a mistyped one was probably meant to be, or null. */
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

    /** How many letters have to be put in, taken out or changed. */
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
